"""An embedded AWS: moto's server, and beside it what moto lacks or forgets.

Every module of `services` mends one AWS service; every entry names the AWS action that it replaces and the
behaviour of moto that made it necessary, so that it can be deleted when moto learns it.
"""
