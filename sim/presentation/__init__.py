"""What is shown, anywhere: sentences, numbers and charts that the explorer, notes and notebooks share."""
