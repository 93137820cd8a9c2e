"""What does the work: library, encoder, renderer and the files. No LangChain, no Chainlit, no environment."""
