-- What a creator deletes counts towards the quotas until a day after its upload, else deleting would free them. Older
-- rows go with the next deletion.
CREATE TABLE deleted_media (
  owner text NOT NULL,
  created_at timestamptz NOT NULL,
  size_bytes bigint NOT NULL,
  duration_seconds double precision
);
CREATE INDEX deleted_media_oldest ON deleted_media (created_at);

-- A trigger, because several programs delete media. Its owner writes, so that they need no rights on the table.
CREATE OR REPLACE FUNCTION keep_usage_of_deleted_media() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
  DELETE FROM deleted_media WHERE created_at <= clock_timestamp() - interval '24 hours';
  IF OLD.owner IS NOT NULL AND OLD.created_at > clock_timestamp() - interval '24 hours' THEN
    INSERT INTO deleted_media (owner, created_at, size_bytes, duration_seconds)
      VALUES (OLD.owner, OLD.created_at, OLD.size_bytes, OLD.duration_seconds);
  END IF;
  RETURN NULL;
END;
$$;

-- Nobody else may use its owner's rights, with a trigger of their own.
REVOKE EXECUTE ON FUNCTION keep_usage_of_deleted_media() FROM PUBLIC;

CREATE TRIGGER media_deleted AFTER DELETE ON media
  FOR EACH ROW EXECUTE FUNCTION keep_usage_of_deleted_media();
