-- Size of a ready media's MP4 for downloads; null if it has none.
ALTER TABLE media ADD COLUMN download_bytes bigint;
