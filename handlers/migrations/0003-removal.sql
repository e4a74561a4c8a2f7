ALTER TABLE media
  -- Since when its objects are being removed: nobody sees or processes it any more, and the row goes last.
  ADD COLUMN removing_since timestamptz;
