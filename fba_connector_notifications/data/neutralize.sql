-- A copied database must not take the notifications of the real one.
UPDATE fba_account
   SET sqs_queue_url = NULL,
       sqs_destination_id = NULL;
UPDATE fba_account_keys
   SET aws_access_key_id = NULL,
       aws_secret_access_key = NULL;
