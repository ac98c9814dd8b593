/* watch.h - files that are watched: the screen follows what others change */
#pragma once
#include <glib.h>

typedef struct _PrcWatch PrcWatch;

/** prc_watch_new: @changed is called in the main loop, once for many changes that come together.
 * (transfer full) */
PrcWatch *prc_watch_new (void (*changed) (gpointer data), gpointer data);
void prc_watch_free (PrcWatch *watch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcWatch, prc_watch_free)
/** prc_watch_set: (element-type utf8): these files instead of those before, whether they are there
 * or not; a name that ends with "/" is all that is in a folder. What else happens beside them, such
 * as a log that is always written, is nothing. */
void prc_watch_set (PrcWatch *watch, const GPtrArray *paths);
