"""Columns of the tables of places to live in at the exit, of jobs and of care inside (:mod:`sim.records.tables`)."""

LODGING = """
day           i  first of the month: stocks at 0 h, movements of the month before
interregion   b  interregion (codebook)
reserved      b  1 for places reserved for people who leave prison, 0 for those open to anybody (and for requests)
places        i  places
rivals        i  people from elsewhere who have one
lodged        i  people who left prison and have one
kept          i  places kept for people still in prison
to_file       i  people for whom a request is to be written
with_siao     i  people whose request the SIAO examines
waiting       i  people on the line for a place
asked         i  requests asked for
filed         i  requests written
queued        i  people the SIAO put on the line
unwritten     i  requests given up before they were written: the person has left, or found a home
dropped       i  the same while the SIAO examined them, or on the line
refused       i  hosts' refusals
admitted      i  people for whom a host keeps a place
wait_days     i  days these had waited on the line, added up
expired       i  places no longer kept, the release not having come: the person is on the line again
returned      i  kept places given back at the exit: a home was found, or the measure houses the person
moved_in      i  places taken at an exit from detention
moved_out     i  places left
vacated       i  of these, by people back in a cell before their time was over
unclaimed     i  places offered to people who leave prison when nobody waited
"""

JOBS = """
day           i  first of the month: stocks at 0 h, movements of the month before
quarter       h  quarter (codebook)
jobs          i  jobs
working       i  people who have one
waiting       i  people on the line for one
started       i  people who began one
wait_days     i  days these had waited on the line, added up
"""

CARE = """
day           i  first of the month: stocks at 0 h, movements of the month before
site          h  establishment
slots         i  people it can treat for an addiction at a time
treated       i  people treated
waiting       i  people on the line for it
started       i  treatments begun
completed     i  treatments completed
wait_days     i  days those who began one had waited on the line, added up
"""
