"""Student kits: what students get of an assignment, and nothing that holds an answer."""
