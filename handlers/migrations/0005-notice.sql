-- A video can be ready although a part of its source is missing: the same sentence tells its creator.
ALTER TABLE media DROP CONSTRAINT media_check;
ALTER TABLE media ADD CONSTRAINT media_failure_reason_status
  CHECK (failure_reason IS NULL OR status IN ('failed', 'ready'));
