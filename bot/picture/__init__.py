"""The picture of an e-mail's HTML, made by a browser in processes of its own that may die without harm."""
