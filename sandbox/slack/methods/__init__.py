"""The methods of the Web API, a file for each family, and what a call's arguments are."""
