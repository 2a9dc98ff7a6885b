"""What each process keeps in its memory (`ormcache`)."""


def forget_cached(env):
    """Clear it now, and when the transaction ends: until then others read, and would keep, what is no longer so, and a
    savepoint may yet undo what has changed."""
    clear = env.registry.clear_cache
    clear()
    for hooks in (env.cr.postcommit, env.cr.postrollback):
        hooks.add(clear)
