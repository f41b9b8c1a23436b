"""What Streamlit runs: ``sortie explore``, ``make app``, or ``streamlit run app.py`` in a checkout.

A wheel carries this file with its settings beside it (``.streamlit``), where Streamlit looks for them.
"""

if __name__ == "__main__":
    from sim.explorer.layout import main

    main()
