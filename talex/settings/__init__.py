"""Settings: `production` is what an operator runs, `test` what the tests run."""
