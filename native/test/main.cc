// Runs every kernel over awkward sizes. Meant to be compiled with sanitizers (run.sh): a kernel that reads or writes
// outside its pictures, overflows or divides by zero ends the program. Values are compared with references in
// test/unit/native; here the ways of computing one thing are compared with each other.
#include "test/check.h"

int main() {
  using namespace autofocus::test;
  test_fft();
  test_blur();
  test_pictures();
  test_focus();
  test_fusion();
  test_pixels();
  test_registration();
  test_video();
  std::puts("native kernels: all checks passed");
  return 0;
}
