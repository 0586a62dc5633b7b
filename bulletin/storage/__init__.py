"""Store of shared objects: a folder, or a bucket with the protocol of Amazon S3."""
