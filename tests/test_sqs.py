"""The SQS that tests use: queues over HTTP, gone with its context."""

import urllib.error
import urllib.request

import pytest

from scripts.host.sqs import running_sqs

boto3 = pytest.importorskip("boto3")


def client(url: str, region: str = "eu-central-1"):
    keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret"}
    return boto3.client("sqs", region_name=region, endpoint_url=url, **keys)


def test_queue_gives_what_it_took(sqs: str) -> None:
    queue = client(sqs).create_queue(QueueName="test-sqs")["QueueUrl"]
    client(sqs).send_message(QueueUrl=queue, MessageBody="a word")
    received = client(sqs).receive_message(QueueUrl=queue, WaitTimeSeconds=10)
    assert [it["Body"] for it in received["Messages"]] == ["a word"]


def test_queue_is_of_its_region(sqs: str) -> None:
    queue = client(sqs, "us-east-2").create_queue(QueueName="test-region")["QueueUrl"]
    attributes = client(sqs, "us-east-2").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    assert attributes["Attributes"]["QueueArn"] == "arn:aws:sqs:us-east-2:123456789012:test-region"
    assert "QueueUrls" not in client(sqs).list_queues(QueueNamePrefix="test-region")


def test_server_ends_with_its_context() -> None:
    with running_sqs() as url:
        client(url).create_queue(QueueName="test-end")
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(url, timeout=5)
