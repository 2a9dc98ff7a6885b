"""The person in charge of a record: Odoo's own texts about it (chatter, activities) are in that person's language."""

from .sentence import in_words


def people_in_charge(env, company, group, **options):
    """The users of `group` (external ID) in `company`; `options` of the search."""
    users = [("all_group_ids", "in", env.ref(group).id), ("company_ids", "in", company.id), ("share", "=", False)]
    return env["res.users"].search(users, **options)


def in_charge(env, company, group):
    """The first of them; the current user where there is none."""
    return people_in_charge(env, company, group, order="id", limit=1) or env.user


def language_of(user):
    """The user's language; False where it is not installed: Odoo refuses to write in it."""
    installed = {code for code, _name in user.env["res.lang"].get_installed()}
    return user.sudo().lang in installed and user.sudo().lang


def as_reader(record, user):
    """`record` in the language and time zone of `user`."""
    return record.with_context(lang=language_of(user), tz=user.sudo().tz)


def post(record, user, message):
    """`message` (see in_words) in the chatter of `record`, as `user` reads it."""
    record = as_reader(record, user)
    record.message_post(body=in_words(record, message))
