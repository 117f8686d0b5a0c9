"""The `eleven` command. Standard library only: it makes the virtual environment that everything else lives in."""
