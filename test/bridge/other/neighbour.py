"""A module beside a converter, of a name that another converter has, too."""
