#include <impasto/impasto.h>
#include <string.h>

int main(void) {
  impasto_options* options = NULL;
  const char* strength = NULL;
  if (impasto_options_new(IMPASTO_JOB_STYLIZE, &options) != IMPASTO_OK) return 1;
  if (impasto_options_get(options, "strength", &strength) != IMPASTO_OK) return 1;
  const int wrong = strcmp(strength, "50") != 0;
  impasto_options_free(options);
  return wrong;
}
