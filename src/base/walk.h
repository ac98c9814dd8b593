/* walk.h - find the files of certain names in a whole tree, on all cores */
#pragma once
#include <glib.h>

/** PrcWalkEntry: one file that was found. All of it is valid during the callback only. */
typedef struct {
    int dir_fd;       /* the open directory that holds it: read it with openat(), not by its path */
    const char *dir;  /* the root as it was given, and the way below it; any bytes */
    const char *name; /* its name in @dir_fd; any bytes but '/' and NUL */
    gboolean is_link; /* a symlink, not followed; else a regular file */
} PrcWalkEntry;

/** PrcWalkProgress: counts so far; another thread reads them with g_atomic_int_get(). */
typedef struct {
    gint dirs;  /* directories read to their end */
    gint files; /* entries in them that are not directories, of any name */
} PrcWalkProgress;

/** PrcWalk: what to look for, and whom to tell. Zero the rest. */
typedef struct {
    /** @patterns: (array zero-terminated=1): base names, each exact, `*.ending` or `beginning*`. */
    const char *const *patterns;
    /** @found: never called twice at once, but from any thread; in no order. */
    void (*found) (const PrcWalkEntry *entry, gpointer data);
    /**
     * @unreadable: (nullable): a directory that could not be read, or not to its end, with errno;
     * ELOOP: a mount that leads back to a directory above it. Called as @found is.
     */
    void (*unreadable) (const char *dir, int error_number, gpointer data);
    /**
     * @enter: (nullable): whether to go into the directory @name in @dir. Called by several threads
     * at once, often: no locks, no system calls.
     */
    gboolean (*enter) (const char *dir, const char *name, gpointer data);
    gpointer data;
    PrcWalkProgress *progress; /* (nullable) */
    const gint *cancelled;     /* (nullable): set it to 1 with g_atomic_int_set() to end the walk */
    guint threads;             /* 0: one for each core */
} PrcWalk;

/**
 * prc_walk:
 * @dir_fd: where a relative @root starts; AT_FDCWD for the working directory
 * @root: a directory, or a symlink to one
 * @error: #PRC_ERROR_NOT_FOUND, or #PRC_ERROR_INPUT when @root can't be read; #PRC_ERROR_CANCELLED
 *
 * Reads every directory below @root and reports the regular files and symlinks whose names match.
 * Follows no symlink but @root itself, not even one that appears while it runs; crosses mounts.
 * Depth is limited by memory alone, not by PATH_MAX, the stack or the number of open files. What
 * disappears in the meantime is not reported; what is created may or may not be.
 */
gboolean prc_walk (int dir_fd, const char *root, const PrcWalk *walk, GError **error);
