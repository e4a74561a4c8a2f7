# Applies and destroys the whole stack in memory: every reference, count and type check of a real apply.
mock_provider "aws" {
  source = "./mocks"
}

mock_provider "aws" {
  alias  = "us_east_1"
  source = "./mocks"
}

mock_provider "aws" {
  alias  = "backup_copies"
  source = "./mocks"
}

run "apply_and_destroy" {
  command = apply
}
