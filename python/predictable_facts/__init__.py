"""What is known of a model: its columns, its outputs, its rows, and how they cross between a converter and the orchestrator."""
