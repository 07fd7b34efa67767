"""The examples run on real data, which lies beside the checkout."""
