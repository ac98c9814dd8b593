/* doctor.h - everything that is wrong or about to go wrong, worst first, each with its remedy */
#pragma once
#include <glib.h>

#include "app/session.h"
#include "model/verdict.h"

typedef enum {
    PRC_SEVERITY_ERROR,   /* something fails, is sent wrongly, or is open to others */
    PRC_SEVERITY_WARNING, /* something will not do what it looks like */
    PRC_SEVERITY_NOTICE,  /* good to know; nothing needs to be done */
} PrcSeverity;

/** prc_severity_name: "error", "warning", "notice"; whoever shows it to a person says _(). */
const char *prc_severity_name (PrcSeverity severity);

/** PrcFinding: all strings are owned UTF-8 and hold no secret. */
typedef struct {
    PrcSeverity severity;
    const char *rule; /* which one found it */
    char *what;       /* a sentence */
    char *where;      /* (nullable): FILE:LINE, FILE, a variable, a proxy */
    char *remedy;     /* a command for the shell */
} PrcFinding;

/** PrcDoctorRequest: zero what is not said. */
typedef struct {
    gboolean no_check; /* talk to no proxy */
    guint timeout_ms;  /* of the live check; 0: its own */
} PrcDoctorRequest;

typedef struct {
    GPtrArray *findings;   /* of PrcFinding, in falling order of harm */
    gboolean needs_action; /* one of them is more than a notice */
    char *profile;         /* (nullable): the active one */
    PrcVerdict verdict;    /* of the live check, if @was_checked */
    gboolean was_checked;
} PrcDiagnosis;
void prc_diagnosis_free (PrcDiagnosis *diagnosis);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcDiagnosis, prc_diagnosis_free)

/**
 * prc_doctor: looks at files, variables, the store, running programs and, once, at the proxy.
 * Changes nothing, opens no store that is locked, and sends a password at most once.
 * @error: only when nothing can be said at all: the profiles or the catalogue can't be read
 *
 * Returns: (transfer full) (nullable)
 */
PrcDiagnosis *prc_doctor (PrcSession *session, const PrcDoctorRequest *request,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
