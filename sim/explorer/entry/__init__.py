"""The script that Streamlit runs, in a folder of its own: Streamlit puts that folder first on the path of imports."""
