ALTER TABLE media
  -- ETag of the source that is or was processed: another version with the same one holds the same bytes.
  ADD COLUMN source_etag text;
