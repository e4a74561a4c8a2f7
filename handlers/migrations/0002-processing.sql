ALTER TABLE media
  -- Who made it: the sub of a Cognito user; nobody's when it was there before.
  ADD COLUMN owner text CHECK (length(owner) BETWEEN 1 AND 128),
  -- The multipart upload of the source that is under way, as S3 calls it.
  ADD COLUMN upload_id text,
  -- Version of the source, as S3 calls it, that is or was processed, and its place in the order of versions.
  ADD COLUMN source_version text,
  ADD COLUMN source_sequencer text,
  -- Where the stream is: stream/<id>/<run>/
  ADD COLUMN playback_path text CHECK (playback_path IS NULL OR status = 'ready'),
  -- Pixels of the source, as it is shown.
  ADD COLUMN width integer CHECK (width > 0),
  ADD COLUMN height integer CHECK (height > 0),
  ADD COLUMN attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  -- The message that asked for the processing, the processor that does it, and until when nobody else may.
  ADD COLUMN message_id text,
  ADD COLUMN lease_owner uuid,
  ADD COLUMN leased_until timestamptz;

-- Work that nobody does any more is looked for among what is being processed.
CREATE INDEX media_leases ON media (leased_until) WHERE status = 'processing';

CREATE OR REPLACE FUNCTION media_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
    ('registered', 'uploaded'), ('registered', 'processing'), ('registered', 'failed'),
    ('uploaded', 'processing'), ('uploaded', 'failed'),
    ('processing', 'ready'), ('processing', 'failed'),
    -- A new version of the source.
    ('ready', 'processing'),
    -- Its message was put back into the queue.
    ('failed', 'processing')
  ) THEN
    RAISE EXCEPTION 'media % can''t go from % to %', OLD.id, OLD.status, NEW.status
      USING ERRCODE = 'check_violation', CONSTRAINT = 'media_status_order';
  END IF;
  NEW.updated_at := clock_timestamp();
  RETURN NEW;
END $$;

CREATE TRIGGER media_changes BEFORE UPDATE ON media FOR EACH ROW EXECUTE FUNCTION media_changes();
