CREATE OR REPLACE FUNCTION media_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
    ('registered', 'uploaded'), ('registered', 'processing'), ('registered', 'failed'),
    ('uploaded', 'processing'), ('uploaded', 'failed'),
    ('processing', 'ready'), ('processing', 'failed'),
    -- A new version of the source.
    ('ready', 'processing'),
    -- Its message was put back into the queue.
    ('failed', 'processing'),
    -- Its creator asked for another try, and the message is on its way.
    ('failed', 'uploaded')
  ) THEN
    RAISE EXCEPTION 'media % can''t go from % to %', OLD.id, OLD.status, NEW.status
      USING ERRCODE = 'check_violation', CONSTRAINT = 'media_status_order';
  END IF;
  NEW.updated_at := clock_timestamp();
  RETURN NEW;
END $$;
