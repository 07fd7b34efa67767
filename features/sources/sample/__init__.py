"""The sample world: a made-up market as nasty as a real one, whose purchase probabilities are known."""
