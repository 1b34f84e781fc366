"""What happens when: the flow, its stages as Prefect tasks, the schedule, the command line."""
