package io.dicm.trainer.samplejob;

import io.dicm.trainer.samplejob.UserEvent.Clicked;

/**
 * A click with its place in the user's time.
 *
 * @param key with the segment in which the click lies
 */
record KeyedClick(UserEventKey key, Clicked click) {}
