# The two networks as simmer trajectories, times drawn by R for each person: Rscript simmer.R NETWORK ARRIVALS SEED
# RATE PLACES HEARINGS CARE PATIENCE. Prints "@seconds had_to_wait wait left" (shares and mean over all arrivals).
suppressMessages(library(simmer))
told <- commandArgs(trailingOnly = TRUE)
network <- told[1]
told <- as.numeric(told[-1])
number <- told[1]; rate <- told[3]; places <- told[4]; hearings <- told[5]; care <- told[6]; patience <- told[7]
set.seed(told[2])
env <- simmer()
came <- at(cumsum(rexp(number, rate)))

if (network == "mmc") {
  way <- trajectory() %>% seize("place", 1) %>% timeout(function() rexp(1, 1)) %>% release("place", 1)
  env %>% add_resource("place", places, mon = FALSE) %>% add_generator("person", way, came, mon = 1)
} else {
  # The sentence ends wherever one stands (what is held is released), but at a hearing.
  way <- trajectory() %>%
    renege_in(function() rexp(1, 1 / patience)) %>%
    seize("counsellor", 1) %>%
    set_attribute("taken", function() now(env)) %>%
    timeout(function() rexp(1, 1 / care)) %>%
    seize("judge", 1) %>%
    renege_abort() %>%
    timeout(function() rexp(1, 1)) %>%
    release("judge", 1) %>%
    release("counsellor", 1)
  env %>%
    add_resource("counsellor", places, mon = FALSE) %>%
    add_resource("judge", hearings, mon = FALSE) %>%
    add_generator("person", way, came, mon = 2)
}

seconds <- sum(system.time(run(env))[1:2])
people <- get_mon_arrivals(env)
if (network == "mmc") {
  waits <- people$end_time - people$start_time - people$activity_time
  left <- 0
} else {
  # Who was never taken waited until the sentence ended.
  taken <- get_mon_attributes(env)
  until <- setNames(taken$time, taken$name)[people$name]
  until[is.na(until)] <- people$end_time[is.na(until)]
  waits <- until - people$start_time
  left <- mean(!people$finished)
}
cat(sprintf("@%f %f %f %f\n", seconds, mean(waits > 1e-9), mean(waits), left))
