"""What the chat model may call, one file each."""
