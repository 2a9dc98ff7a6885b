"""The queue of an account: its settings, its set-up at Amazon, and what is wrong with it."""

import json
import logging
import os
from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.fba_connector import amazon
from odoo.addons.fba_connector.amazon import notifications
from odoo.addons.fba_connector.models.account.access import ACCESS, PLACE
from odoo.addons.fba_connector.models.account.fba_account_runs import reason_of
from odoo.addons.fba_connector.models.account.fba_call_count import CallMeter
from odoo.addons.fba_connector.models.shared.groups import MANAGER
from odoo.addons.fba_connector.models.shared.sentence import in_words
from odoo.exceptions import UserError, ValidationError

from ..sqs import MISSING, OTHER, REFUSED, UNREACHABLE, Queue, QueueError, lets_in, policy_for
from .fba_queue_state import CLOSED

_logger = logging.getLogger(__name__)

NAME = "Odoo"  # of the destination, in Amazon's list
# Set on the server, accounts without keys use the server's own rights at AWS: no user can reach these otherwise.
OF_THE_SERVER = "FBA_AWS_KEYS_OF_THE_SERVER"


class FbaAccount(models.Model):
    _inherit = "fba.account"

    sqs_queue_url = fields.Char(
        "Queue URL",
        copy=False,
        groups=MANAGER,
        help="Standard queue of Amazon SQS that receives this account's notifications, and nothing else.",
    )
    sqs_destination_id = fields.Char(readonly=True, copy=False, valid_for=(*ACCESS, "sqs_queue_url"))
    subscription_ids = fields.One2many("fba.subscription", "account_id", readonly=True, groups=MANAGER)
    queue_state_id = fields.Many2one("fba.queue.state", copy=False, readonly=True, groups=fields.NO_ACCESS)
    queue_problem_kind = fields.Selection(related="queue_state_id.problem_kind", groups=MANAGER)
    queue_read_at = fields.Datetime(related="queue_state_id.read_at", groups=MANAGER)
    dead_letter_count = fields.Integer(related="queue_state_id.dead_letter_count", groups=MANAGER)
    unknown_message_count = fields.Integer(related="queue_state_id.unknown_count", groups=MANAGER)
    unknown_message_kind = fields.Char(related="queue_state_id.unknown_kind", groups=MANAGER)
    notification_problem = fields.Char(compute="_compute_notification_problem", compute_sudo=True)
    queue_policy = fields.Text("Policy", compute="_compute_queue_policy", compute_sudo=True, groups=MANAGER)

    @api.constrains("sqs_queue_url", "environment")
    def _check_queue_url(self):
        for account in self.sudo().filtered("sqs_queue_url"):
            allowed = ("https://", "http://") if account.environment == "custom" else ("https://",)
            if not account.sqs_queue_url.startswith(allowed):
                raise ValidationError(
                    self.env._(
                        "The address of the queue is a full one, such as "
                        "https://sqs.eu-west-1.amazonaws.com/123456789012/name."
                    )
                )

    # === WHAT IS WRONG === #

    @api.depends(
        "sqs_queue_url",
        "queue_state_id.problem_kind",
        "queue_state_id.problem_code",
        "queue_state_id.dead_letter_count",
        "subscription_ids.missed_at",
        "subscription_ids.last_received_at",
        "subscription_ids.amazon_subscription_id",
    )
    @api.depends_context("lang")
    def _compute_notification_problem(self):
        for account in self:
            account.notification_problem = " ".join(account._notification_problems())

    def _notification_problems(self):
        """Sentences: what is wrong, and what to do. Empty where nothing is, or no queue is set up."""
        self = self.sudo()  # users read of the queue what is wrong with it, and no more
        if not self.sqs_queue_url:
            return []
        env, state = self.env, self.queue_state_id
        code = state.problem_code
        texts = {
            MISSING: env._("Amazon's queue is not found (%s). Check the address of the queue.", code),
            REFUSED: env._(
                "Amazon refuses the keys of the queue (%s). They need the rights sqs:ReceiveMessage, sqs:DeleteMessage "
                "and sqs:GetQueueAttributes.",
                code,
            ),
            UNREACHABLE: env._("Amazon's queue is not reached (%s). Odoo keeps trying.", code),
            CLOSED: env._(
                "The policy of the queue does not let Amazon in. Copy the policy below to the queue, then press Set Up "
                "Notifications again."
            ),
            OTHER: env._("Amazon's queue refuses (%s). Odoo keeps trying.", code),
        }
        problems = [texts[state.problem_kind]] if state.problem_kind else []
        polls = env._("Until then Odoo asks Amazon as often as without notifications: nothing is lost.")
        if unheard := self.subscription_ids.filtered(lambda row: row.missed_at and not row.last_received_at):
            problems.append(
                env._(
                    "No notification of %s has ever arrived, though there were changes: check the policy of the queue, "
                    "and of its encryption key.",
                    ", ".join(unheard.mapped("display_name")),
                )
            )
        if problems:
            problems.append(polls)
        if not self.sqs_destination_id and self.subscription_ids:
            problems.append(env._("The settings of the account have changed: press Set Up Notifications."))
        if state.dead_letter_count:
            problems.append(
                env._("Messages in the dead-letter queue, which Odoo could not read: %s.", state.dead_letter_count)
            )
        return problems

    def _compute_queue_policy(self):
        for account in self:
            arn = account.sqs_queue_url and _arn_of(account.sqs_queue_url)
            account.queue_policy = arn and json.dumps(policy_for(notifications.AMAZONS_ACCOUNT, arn), indent=2)

    def _problems(self):
        return [*super()._problems(), *self.with_context(lang="en_US")._notification_problems()]

    def _shown_problems(self, env):
        return [*super()._shown_problems(env), self.with_env(env).notification_problem]

    def _queue_state(self):
        """The state of this account's queue."""
        account = self.sudo()
        if not account.queue_state_id:
            account.queue_state_id = account.queue_state_id.create({})
        return account.queue_state_id

    # === SET-UP === #

    def _open_queue(self):
        """The queue (sqs.Queue), a context manager. Raises QueueError."""
        account = self.sudo()
        keys = [account._key(name) for name in ("aws_access_key_id", "aws_secret_access_key")]
        if not all(keys) and not os.environ.get(OF_THE_SERVER):
            raise QueueError(REFUSED, "NoKeys")
        meter = _QueueMeter(CallMeter(self.env.registry, self.id, "receive"))
        return Queue(account.sqs_queue_url, *keys, meter=meter)

    def action_set_up_notifications(self):
        """Have Amazon send this account's notifications to its queue. What is there already is not made again."""
        self.ensure_one()
        self.check_access("write")
        if not self.sqs_queue_url:
            raise UserError(self.env._("Enter the address of the queue first."))
        if missing := self._missing_message():
            raise UserError(missing)
        try:
            with self._open_queue() as queue:
                attributes = queue.attributes()
        except QueueError as error:
            self._queue_state()._note_problem(error.kind, error.code)
            return self._notification("danger", self.notification_problem)
        self._queue_state().dead_letter_arn = attributes.dead_letter_arn
        if not lets_in(attributes.policy, notifications.AMAZONS_ACCOUNT, attributes.arn):
            self._queue_state()._note_problem(CLOSED)
            return self._notification("danger", self.notification_problem)
        try:
            with self._open_gateway() as gateway:
                self._subscribe(gateway, attributes.arn)
        except amazon.AmazonError as error:
            return self._notification(
                "danger", self.env._("Amazon refused to send notifications: %s", in_words(self, reason_of(error)))
            )
        self._queue_state()._note_problem(False)
        self._trigger_again("receive", timedelta())
        return self._notification(
            "success",
            self.env._("Amazon sends notifications to the queue from now on. Each type is in use after its first one."),
        )

    def _subscribe(self, gateway, arn):
        """A destination for the queue and a subscription of each type, as far as Amazon does not have them. Raises
        AmazonError."""
        known = [it for it in gateway.list_destinations() if it.arn == arn]
        destination = known[0] if known else gateway.create_destination(f"{NAME} {arn.rsplit(':', 1)[1]}"[:256], arn)
        self.sqs_destination_id = destination.destination_id
        rows = {row.type: row for row in self.subscription_ids.sudo()}
        for type_ in notifications.TYPES:
            row = rows.get(type_) or self.env["fba.subscription"].sudo().create({"account_id": self.id, "type": type_})
            there = _listed(gateway, type_)
            for old in [it for it in there if it.destination_id != destination.destination_id]:
                if old.subscription_id != row.amazon_subscription_id:
                    raise UserError(
                        self.env._(
                            "Amazon sends notifications of %s to another queue already, and to one only. End that "
                            "where it was set up: another database, or another program of yours.",
                            row.display_name,
                        )
                    )
                gateway.delete_subscription(type_, old.subscription_id)  # of the queue that this account had before
            ours = [it for it in there if it.destination_id == destination.destination_id]
            found = ours[0] if ours else gateway.create_subscription(type_, destination.destination_id)
            row.amazon_subscription_id = found.subscription_id

    def action_end_notifications(self):
        """Amazon sends no more; the queue stays, with what is in it."""
        self.ensure_one()
        self.check_access("write")
        if failed := self._end_subscriptions():
            return self._notification(
                "warning", self.env._("Amazon could not be told: %s", in_words(self, reason_of(failed)))
            )
        return self._notification("success", self.env._("Amazon sends no more notifications."))

    def _end_subscriptions(self):
        """Returns the AmazonError that stopped it, else None."""
        try:
            with self._open_gateway() as gateway:
                for row in self.sudo().subscription_ids.filtered("amazon_subscription_id"):
                    same = [("amazon_subscription_id", "=", row.amazon_subscription_id), ("id", "!=", row.id)]
                    if row.search_count(same, limit=1):  # of another account of this seller
                        row.amazon_subscription_id = False
                        continue
                    try:
                        gateway.delete_subscription(row.type, row.amazon_subscription_id)
                    except amazon.NotFound:
                        _logger.info("FBA account %s: %s has ended already", self.id, row.type)
                    row.amazon_subscription_id = False
        except amazon.AmazonError as error:
            _logger.warning("FBA account %s: subscriptions are not ended: %s", self.id, error)
            return error
        return None

    def _settings_changed(self, before, vals):
        """At another queue nothing has arrived yet; what another application subscribed to is not ours to end."""
        super()._settings_changed(before, vals)
        account = self.sudo()
        if before.keys() & {*ACCESS, "sqs_queue_url"}:
            account.queue_state_id.unlink()
            account.subscription_ids.write({"last_received_at": False, "last_event_at": False, "missed_at": False})
        if before.keys() & {*PLACE, "lwa_client_id"}:
            account.subscription_ids.amazon_subscription_id = False

    def unlink(self):
        states = self.sudo().queue_state_id
        done = super().unlink()
        states.unlink()
        return done


class _QueueMeter:
    """Counts the calls of a queue beside those of Amazon's other services."""

    def __init__(self, meter):
        self._meter = meter

    def note_call(self, name):
        self._meter.note_call(amazon.Operation(name, rate=0, burst=1), 0.0, refused=False)

    def finish(self):
        self._meter.finish()


def _listed(gateway, type_):
    try:
        return list(gateway.list_subscriptions(type_))
    except amazon.NotFound:
        return []


def _arn_of(url):
    """The ARN of a queue by its address; False where that is none of AWS."""
    host, _slash, path = url.split("://", 1)[-1].partition("/")
    parts = path.strip("/").split("/")
    region = host.removeprefix("sqs.").split(".")[0]
    return len(parts) == 2 and f"arn:aws:sqs:{region}:{parts[0]}:{parts[1]}"
