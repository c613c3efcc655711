"""How the window looks: colour roles, fonts, icons and the one style sheet."""
