"""How each stage works: plain functions, one package a stage, without Prefect."""
