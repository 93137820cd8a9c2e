"""The built-in models and collection, and how they are made from the project's own drawings."""
