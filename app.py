"""The explorer: ``make app``, or ``streamlit run app.py``. Everything is in ``sim/explorer``."""

if __name__ == "__main__":
    from sim.explorer.layout import main

    main()
