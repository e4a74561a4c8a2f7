# Applies and destroys the whole stack in memory: every reference, count and type check of a real apply.
mock_provider "aws" {
  source = "./mocks"
}

run "apply_and_destroy" {
  command = apply
}
