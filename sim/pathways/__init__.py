"""What happens to a person: steps, from committal to release and after."""
