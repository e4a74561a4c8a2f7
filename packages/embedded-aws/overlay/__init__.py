"""An embedded AWS: moto's server with the functions that moto lacks.

Each module of `services` extends one AWS service. Each entry names the AWS action that it replaces and moto's
behaviour that makes it necessary, so that it can be deleted when moto supports the action.
"""
