"""One question as it is shown anywhere: the finding in a sentence, the pictures, the page. No Streamlit, no chart library."""
