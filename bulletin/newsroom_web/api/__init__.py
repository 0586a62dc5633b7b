"""
JSON API of the newsroom: one table of operations, from which the routes and the OpenAPI document are made.

An operation calls the same action as the command and the page. Programs sign in with an API token
(`bulletin user token`); errors are problem details (RFC 9457).
"""
