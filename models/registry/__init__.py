"""The only package that imports mlflow: where models are kept, and how they are served."""
