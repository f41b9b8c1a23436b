"""Columns of the tables of what goes on outside (places to live in, probation, free convicts), and of jobs and care inside."""

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

PROBATION = """
day           i  first of the month, 0 h, and figures of the month before
standing      i  people on probation or community work without a committal, begun in the run
more          i  of these, more than in the world without the changes of the scenario; below 0: fewer
began         i  sentenced to probation, community work or day-fines, or whose sentence was converted
followed      i  of these, people the open setting follows: day-fines left out
hours         i  hours of community work ordered
not_done      i  of those who began, community work that will not be done in the law's time
failed        i  sentences put into execution in a cell, of people who would not be on probation without the changes
came_back     i  committals for a new offence of such people
hours_waiting i  hours of community work beyond those hosts usually take, not done yet
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

FREE_CONVICTS = """
day           i  first of the month: figures of the month before
waiting       i  convicted, free, waiting for the judge (723-15) at 0 h of the day
came          i  convicted in the month
heard         i  decided by the judge in the month
absent        i  of these, people who did not come
measures      i  of these, given a measure
converted     i  of these, whose sentence was converted
enforced      i  of these, whose sentence is put into execution in prison
lapsed        i  whose sentence is not enforced as such: they leave the line without a hearing
wait_days     i  days waited by all who left the line in the month, added up
waited_days   i  the same for those decided by the judge
"""
