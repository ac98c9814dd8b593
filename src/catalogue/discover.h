/* discover.h - the files of a tool as they are on this machine, and all entries in reading order */
#pragma once
#include <glib.h>
#include <sys/stat.h>

#include "catalogue/place.h"
#include "catalogue/shared.h"
#include "catalogue/tool.h"
#include "catalogue/tracked.h"
#include "formats/document.h"

/** PrcFoundFile: one place where a tool looks, there or not. */
typedef struct {
    const PrcTool *tool;
    const PrcToolFile *row; /* the row that led here; of the including file for an included one */
    PrcScope scope;
    const PrcFormat *format; /* the row's, but in the dialect of the shell that will read it */
    char *path;              /* as the catalogue or the including file names it; may be a symlink */
    char *real_path;         /* (nullable): all symlinks followed; NULL when it doesn't exist */
    gboolean exists;
    gboolean is_read;    /* FALSE: another place comes first and only the first is read */
    gboolean is_include; /* named by another file, not by the catalogue */
    gboolean in_login;   /* env: a login shell of the row's kind reads it, itself or included */
    GBytes *bytes;       /* (nullable) */
    struct stat st;      /* of the target, valid when @exists */
    PrcDocument *doc;    /* (nullable): NULL when absent or when @error is set */
    GError *error;       /* (nullable): unreadable, or the tool would reject it: "FILE:LINE: …" */
    gboolean is_tracked; /* git tracks it, or whether it does could not be found out */
    gboolean is_shared;  /* others can put another file in its place, or own it: shared.h */
} PrcFoundFile;

void prc_found_file_free (PrcFoundFile *file);

/** PrcReading: one entry, at its place in the order in which the tool reads; an entry of a file
 * that is read twice has two. */
typedef struct {
    PrcFoundFile *file;      /* (transfer none) */
    guint index;             /* in prc_document_entries (file->doc) */
    gboolean is_conditional; /* its file is included on a condition */
    const PrcToolFile *row;  /* the catalogue's place that is being read: the file's, or of the
                                outermost one that includes it */
    gboolean is_again;       /* there is an earlier reading of the same entry */
    gboolean is_interactive; /* only interactive shells get there, or to what includes its file */
    gboolean is_unread;      /* nothing reads the file at this place: another start-up file comes
                                first, or none names this one */
} PrcReading;

/** PrcFound: what is there for one tool. */
typedef struct {
    const PrcTool *tool;
    guint version; /* PRC_TOOL_VERSION; found out only for a tool whose grammar depends on it */
    GPtrArray
        *files; /* of PrcFoundFile, in rising precedence, included ones behind their includer */
    GArray *readings; /* of PrcReading; a later one wins */
} PrcFound;

void prc_found_free (PrcFound *found);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcFound, prc_found_free)

/**
 * prc_discover: never fails: what can't be read is in its file's @error. (transfer full)
 */
PrcFound *prc_discover (const PrcTool *tool, const PrcPlace *place);

/**
 * prc_discover_file: one file that is not of the catalogue's places, read as @row says (scan).
 * @version: as prc_tool_version() has it; asked for once, not for each file
 * Returns: (transfer full)
 */
PrcFound *prc_discover_file (const PrcTool *tool, guint version, const PrcToolFile *row,
                             const PrcPlace *place, const char *path);

/** PrcSurroundings: what was learned of the folders around files; for the files of one command, and
 * for one thread. */
typedef struct {
    PrcGitIndexes *git;
    PrcSharedFolders *shared;
} PrcSurroundings;
/** prc_surroundings_init: fills @surroundings for what @place's home may hold. */
void prc_surroundings_init (PrcSurroundings *surroundings, const PrcPlace *place);
void prc_surroundings_clear (PrcSurroundings *surroundings);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrcSurroundings, prc_surroundings_clear)

/**
 * prc_discover_among: the same for one of many files: what @around has learned serves the next.
 * @real_path: (nullable): @path without symlinks, if it is known
 */
PrcFound *prc_discover_among (const PrcTool *tool, guint version, const PrcToolFile *row,
                              const PrcPlace *place, PrcSurroundings *around, const char *path,
                              const char *real_path);

/** prc_found_format: how a file of @row is read here. */
const PrcFormat *prc_found_format (const PrcToolFile *row, const PrcPlace *place);

/** prc_reading_entry: (transfer none) */
const PrcEntry *prc_reading_entry (const PrcReading *reading);

/** prc_found_file_why_no_secret: (nullable) (transfer none): why a secret may not go into it, as
 * the beginning of a sentence. */
const char *prc_found_file_why_no_secret (const PrcFoundFile *file);

/** prc_found_file_is_private: nobody but the owner can read it (mode and what ACL it shows). */
gboolean prc_found_file_is_private (const PrcFoundFile *file);
