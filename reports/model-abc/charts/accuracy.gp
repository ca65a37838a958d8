# Draws accuracy.svg and accuracy.png from accuracy.tsv. In this folder: gnuplot -d accuracy.gp
set encoding utf8
set datafile separator tab
set datafile missing 'NaN'
unset key
set border 3 linecolor rgb '#59636e' linewidth 1
set tics nomirror out scale 0.6 textcolor rgb '#59636e'
set grid ytics linetype 1 linewidth 0.8 linecolor rgb '#dfe4ea'
set lmargin at screen 0.0895
set rmargin at screen 0.8829
set bmargin at screen 0.1435
set tmargin at screen 0.8739
set label 1 'Test accuracy over iterations' at screen 0.0184, 0.9478 left font ',17' textcolor rgb '#1f2328'
set xrange [350:3150]
set xtics ('500' 500, '1000' 1000, '1500' 1500, '2000' 2000, '2500' 2500, '3000' 3000)
set yrange [0.68382:1.63302]
set ytics ('80' 0.69897, '85' 0.823909, '90' 1, '93' 1.1549, '95' 1.30103, '96' 1.39794, '97' 1.52288)
f(x) = -log10(1 - x > 5e-05 ? 1 - x : 5e-05)
g(x) = x
set xlabel 'iteration' textcolor rgb '#59636e' offset 0,0.2
set label 100000 'test accuracy (%), log of 100 − accuracy' at screen 0.0263, graph 0.5 center rotate textcolor rgb '#59636e'
set label 2 'Model A' at graph 1.018, graph 0.8801 left textcolor rgb '#0072b2'
set label 3 'Model B' at graph 1.018, graph 0.5042 left textcolor rgb '#d55e00'
set label 4 'Model C' at graph 1.018, graph 0.8235 left textcolor rgb '#009e73'

set terminal svg size 760,460 dynamic noenhanced font 'sans-serif,15' background '#ffffff'
set output 'accuracy.svg'
plot \
  'accuracy.tsv' index 0 using (g($1)):(f($3)):(f($4)) with filledcurves linecolor rgb '#0072b2' fillstyle transparent solid 0.18 noborder, \
  'accuracy.tsv' index 1 using (g($1)):(f($3)):(f($4)) with filledcurves linecolor rgb '#d55e00' fillstyle transparent solid 0.18 noborder, \
  'accuracy.tsv' index 2 using (g($1)):(f($3)):(f($4)) with filledcurves linecolor rgb '#009e73' fillstyle transparent solid 0.18 noborder, \
  'accuracy.tsv' index 0 using (g($1)):(f($2)) with linespoints pointtype 7 pointsize 0.6 linewidth 2.2 linecolor rgb '#0072b2', \
  'accuracy.tsv' index 1 using (g($1)):(f($2)) with linespoints pointtype 7 pointsize 0.6 linewidth 2.2 linecolor rgb '#d55e00', \
  'accuracy.tsv' index 2 using (g($1)):(f($2)) with linespoints pointtype 7 pointsize 0.6 linewidth 2.2 linecolor rgb '#009e73'
unset output

set terminal pngcairo size 1520,920 noenhanced font 'sans-serif,11.3' fontscale 2 linewidth 2 pointscale 2 background '#ffffff'
set output 'accuracy.png'
replot
unset output
