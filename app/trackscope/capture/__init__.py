"""Other people's files and texts to exchanges, and back."""
