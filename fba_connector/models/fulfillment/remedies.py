"""What a person can do about a refusal of Amazon: {remedy of amazon.Rejected: function(env, order) -> text}."""

from ...amazon import errors


def remedy(env, code, order):
    """The sentence for `code`, which ends with the way on; `order` is the name of the sales order."""
    texts = {
        errors.CORRECT_ADDRESS: env._("Correct the delivery address, then press Retry."),
        errors.MAP_SKU: env._(
            "Have an FBA Administrator map the product under Channel Managers > Configuration > Seller SKUs, then "
            "press Retry."
        ),
        errors.CHANGE_COMMENT: env._("Change the comment on the fulfillment order's Options tab, then press Retry."),
        errors.CHANGE_FEATURES: env._(
            "Change the requirements on the fulfillment order's Options tab, then press Retry."
        ),
        errors.CHANGE_SPEED: env._("Choose another shipping speed, then press Retry."),
        errors.OTHER_WAREHOUSE: env._(
            "Nothing can be corrected: Amazon does not ship this product from this stock to this address. Release "
            "the order on the "
            "Sourcing tab of %s, and deliver it from another warehouse.",
            order,
        ),
        errors.MORE_STOCK: env._(
            "Amazon has too little stock. Press Retry once it has more, or release the order on the Sourcing tab of "
            "%s.",
            order,
        ),
        errors.SPLIT_ORDER: env._(
            "The order is too large for Amazon. Release a part of it on the Sourcing tab of %s, then press Retry.",
            order,
        ),
        errors.OTHER_ID: env._(
            "Amazon has used this ID before. Release the order on the Sourcing tab of %s and source it again: it "
            "then gets a new ID.",
            order,
        ),
        errors.DECLARED_VALUE: env._(
            "Amazon requires a declared value for this country, which the connector does not send. Release the order "
            "on the "
            "Sourcing tab of %s, and deliver it from another warehouse.",
            order,
        ),
        errors.ENABLE_MCF: env._(
            "The seller account may not use Multi-Channel Fulfillment. Ask an FBA Administrator to check the account "
            "in Seller Central, then press Retry."
        ),
        errors.ASK_AMAZON: env._(
            "Amazon gave no reason. Ask an FBA Administrator to open a case in Seller Central, or press Retry later."
        ),
        errors.RETRY_LATER: env._("Wait a few minutes, then press Retry."),
    }
    return texts.get(code) or env._("Compare the order with Amazon's answer and correct it, then press Retry.")
