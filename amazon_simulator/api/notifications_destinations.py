"""Notifications v1: createDestination, getDestinations, getDestination, deleteDestination. All are grantless."""

import re
from typing import Any

from .errors import Unauthorized
from .notifications_errors import DestinationExists, Forbidden, InvalidParameters, Missing
from .notifications_kept import Destination
from .operations import Call, Operation
from .queries import check_query
from .shapes import Record, Text

PATH = "/notifications/v1/destinations"
ARN = re.compile(r"arn:aws:sqs:[^:\s]+:[^:\s]+:[^:\s]+")
REQUEST = Record(  # CreateDestinationRequest of the model
    required={
        "name": Text(256),
        "resourceSpecification": Record(
            optional={
                "sqs": Record(required={"arn": Text(1000)}),
                "eventBridge": Record(required={"accountId": Text(), "region": Text()}),
            }
        ),
    }
)


def create_destination(call: Call) -> dict[str, Any]:
    """A queue or event bus for the application; of a queue, Amazon must be allowed to write to it."""
    check_query(call.query, frozenset())
    specification = _specification(call.body)
    kept, client_id = call.world.notifications, call.caller.client_id
    resource = _resource(specification, client_id)
    arn, name = resource.get("sqs", {}).get("arn"), call.body["name"]
    for other in kept.destinations_of(client_id):
        if other.resource == resource:
            what = f"arn {arn}" if arn else f"event source {resource['eventBridge']['name']}"
            raise DestinationExists(f"A destination with {what} already exists for the application {client_id}")
        if other.name == name:
            raise DestinationExists(f"A destination with name {name} already exists for the application {client_id}")
    if arn and not call.world.queues.accepts(arn):
        raise Unauthorized("")  # amzn/selling-partner-api-docs issues 377, 540
    destination = Destination(kept.new_id("d"), client_id, name, resource)
    kept.destinations[destination.destination_id] = destination
    return {"payload": dump(destination)}


def get_destinations(call: Call) -> dict[str, Any]:
    """All of the application."""
    check_query(call.query, frozenset())
    return {"payload": [dump(it) for it in call.world.notifications.destinations_of(call.caller.client_id)]}


def get_destination(call: Call) -> dict[str, Any]:
    check_query(call.query, frozenset())
    return {"payload": dump(_named(call))}


def delete_destination(call: Call) -> dict[str, Any]:
    """Only without subscriptions. Source: amzn/selling-partner-api-models issue 2113."""
    check_query(call.query, frozenset())
    destination, kept = _named(call), call.world.notifications
    if any(it.destination_id == destination.destination_id for it in kept.subscriptions.values()):
        raise Forbidden("Destination has subscriptions")
    del kept.destinations[destination.destination_id]
    return {}


def dump(destination: Destination) -> dict[str, Any]:
    """Destination of the model."""
    return {
        "destinationId": destination.destination_id,
        "name": destination.name,
        "resource": destination.resource,
    }


def _named(call: Call) -> Destination:
    """The destination in the path. Raises Missing."""
    destination_id = call.path["destination_id"]
    destination = call.world.notifications.destinations.get(destination_id)
    if destination is None or destination.client_id != call.caller.client_id:
        raise Missing(f"No destination with id {destination_id}")
    return destination


def _specification(body: Any) -> dict[str, Any]:
    """The checked resourceSpecification. Raises InvalidParameters."""
    complaints = list(REQUEST.check(body, ""))
    if complaints:
        raise InvalidParameters("; ".join(complaints))
    specification: dict[str, Any] = body["resourceSpecification"]
    if len(specification) > 1:  # amzn/selling-partner-api-models issue 1793
        raise InvalidParameters("A destination cannot be created with multiple resource types")
    if not specification:
        raise InvalidParameters("resourceSpecification must have sqs or eventBridge")
    arn = specification.get("sqs", {}).get("arn")
    if arn is not None and not ARN.fullmatch(arn):
        raise InvalidParameters(f"{arn} is no ARN of an SQS queue")
    if arn is not None and arn.endswith(".fifo"):  # SP-API, Set up notifications: FIFO queues are not supported
        raise InvalidParameters(f"{arn} is a FIFO queue, which is not supported")
    return specification


def _resource(specification: dict[str, Any], client_id: str) -> dict[str, Any]:
    """DestinationResource of the model; the name of an event source is as Amazon's documentation shows it."""
    if "sqs" in specification:
        return specification
    bus = specification["eventBridge"]
    name = f"aws.partner/sellingpartnerapi.amazon.com/{bus['accountId']}/{client_id}"
    return {"eventBridge": {"name": name, "region": bus["region"], "accountId": bus["accountId"]}}


OPERATIONS = (
    Operation("createDestination", "POST", PATH, 1.0, 5, create_destination, grantless=True),
    Operation("getDestinations", "GET", PATH, 1.0, 5, get_destinations, grantless=True),
    Operation("getDestination", "GET", f"{PATH}/<destination_id>", 1.0, 5, get_destination, grantless=True),
    Operation(
        "deleteDestination", "DELETE", f"{PATH}/<destination_id>", 1.0, 5, delete_destination,
        has_body=False, grantless=True,
    ),
)  # fmt: skip
